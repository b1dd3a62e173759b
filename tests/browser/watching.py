"""What a page does that it should not: errors, refused content, requests that fail or go elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response


def watch(page: Page) -> list[str]:
    """The complaints, to which more are added as they come."""
    complaints: list[str] = []
    addresses: set[str] = set()

    def hear(message: ConsoleMessage) -> None:
        # That a page of an error has an error's status is told in the console, too.
        if message.type == "error" and message.location["url"] not in addresses:
            complaints.append(message.text)

    def see_request(request: Request) -> None:
        if request.is_navigation_request():
            addresses.add(request.url)
        elif urlsplit(request.url)[:2] != urlsplit(page.url)[:2] and not request.url.startswith("data:"):
            complaints.append(f"asked another host: {request.url}")

    def see_failure(request: Request) -> None:
        # What the page before was still waiting for when this one came.
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"failed: {request.url}")

    def see_response(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            complaints.append(f"{response.status}: {response.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", see_request)
    page.on("requestfailed", see_failure)
    page.on("response", see_response)
    return complaints
