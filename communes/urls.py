"""Addresses of the ground floor."""

from django.urls import path

from communes.views import sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("demo/sign-in/", sign_in.demo_sign_in, name="demo_sign_in"),
]
