"""Addresses of the ground floor."""

from django.urls import path

from communes.views import account, passwords, people, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/device/", sign_in.name_device, name="name_device"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("demo/sign-in/", sign_in.demo_sign_in, name="demo_sign_in"),
    path("password/forgot/", passwords.forgot, name="password_forgot"),
    path("password/set/<str:number>/<str:token>/", passwords.set_by_link, name="password_set"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/devices/<int:device>/end/", account.end_my_device, name="end_my_device"),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/assign/", people.assign, name="assign"),
    path(
        "people/<int:pk>/assignments/<int:assignment>/end/",
        people.end_assignment,
        name="end_assignment",
    ),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<int:pk>/password-link/", people.password_link, name="password_link"),
    path("people/<int:pk>/devices/<int:device>/end/", people.end_device, name="end_device"),
]
