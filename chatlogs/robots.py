"""What search engines are told: by a header and by the page itself, in the same words."""

# Nothing is forbidden, so nothing is said at all.
ANYTHING = "all"
NOT_THIS_PAGE = "noindex"
NOT_ITS_LINKS_EITHER = "noindex, nofollow"
