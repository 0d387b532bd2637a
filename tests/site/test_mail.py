"""MAIL_URL names the office's mail server; without it the program works on."""

import pytest

from ntm_site.env import EnvError
from ntm_site.mail import from_environment, is_set_up, server


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://mail.tinh.example.vn", {"host": "mail.tinh.example.vn", "port": 25}),
        ("smtps://mail.example.vn", {"host": "mail.example.vn", "port": 465, "use_ssl": True}),
        (
            "smtp+tls://ntm%40tinh:m%3At@mail.example.vn:2525",
            {
                "host": "mail.example.vn",
                "port": 2525,
                "username": "ntm@tinh",
                "password": "m:t",
                "use_tls": True,
            },
        ),
    ],
)
def test_a_mail_server_is_read_from_its_address(url, found):
    assert server(url) == found | {"timeout": 10}


@pytest.mark.parametrize(
    "url", ["mail.example.vn", "http://mail.example.vn", "smtp://", "smtp://m:x"]
)
def test_an_address_that_is_none_stops_the_start_and_says_how_it_looks(url):
    with pytest.raises(EnvError, match="MAIL_URL phải có dạng"):
        from_environment(False, {"MAIL_URL": url})


def test_the_demo_prints_its_letters_and_an_office_tries_its_own_machine():
    demo, _ = from_environment(True, {})
    assert demo["default"]["BACKEND"].endswith("console.EmailBackend")
    office, sender = from_environment(False, {"MAIL_FROM": "ntm@tinh.example.vn"})
    assert office["default"]["OPTIONS"]["host"] == "localhost"
    assert sender == "ntm@tinh.example.vn"


def test_mail_is_set_up_where_a_server_is_named():
    assert is_set_up({"MAIL_URL": "smtp://mail.tinh.example.vn"})
    assert not is_set_up({"MAIL_FROM": "ntm@tinh.example.vn"})
