from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import PasswordResetView
from django.urls import include, path

from chatlogs.admin.queue import show_queue

reset_password = PasswordResetView.as_view(email_template_name="registration/password_reset_email.txt")

admin.site.site_header = admin.site.site_title = settings.SITE_TITLE

urlpatterns = [
    path("admin/chatlogs/queue/", admin.site.admin_view(show_queue), name="moderation-queue"),
    path("admin/", admin.site.urls),
    path("accounts/password_reset/", reset_password, name="password_reset"),
    path("accounts/", include("django.contrib.auth.urls")),
    path("", include("chatlogs.urls")),
]
