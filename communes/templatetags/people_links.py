"""What pages ask about the person who reads them: may they manage people, operate the program?"""

from django import template
from django.template import Context

from communes.access import holds_somewhere
from communes.access import manages_people as may_manage
from communes.roles import Permission

register = template.Library()


@register.simple_tag(takes_context=True)
def manages_people(context: Context) -> bool:
    """Whether the signed-in person manages people anywhere; asks no more than the frame did."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and may_manage(user))


@register.simple_tag(takes_context=True)
def operates(context: Context) -> bool:
    """Whether the signed-in person operates the program anywhere."""
    user = getattr(context.get("request"), "user", None)
    return bool(user and user.is_authenticated and holds_somewhere(user, Permission.OPERATE))
