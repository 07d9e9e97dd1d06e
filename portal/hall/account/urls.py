"""Addresses of signing in and of 我的."""

from django.urls import path

from . import codes, me, signing_in

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("me/", me.me, name="me"),
    path("me/password/", me.password, name="password"),
    path("me/second-factor/", codes.second_factor_page, name="second-factor"),
    path("me/second-factor/codes/", codes.new_codes, name="second-factor-codes"),
    path("me/second-factor/unbind/", codes.unbind, name="second-factor-unbind"),
    path("me/absence/", me.absence, name="absence"),
    path("me/absence/<int:pk>/end/", me.absence_end, name="absence-end"),
    path("me/tokens/", me.tokens, name="tokens"),
    path("me/tokens/<int:pk>/revoke/", me.token_revoke, name="token-revoke"),
    path("me/devices/<int:pk>/forget/", me.device_forget, name="device-forget"),
    path("me/sign-out-everywhere/", me.sign_out_everywhere, name="sign-out-everywhere"),
]
