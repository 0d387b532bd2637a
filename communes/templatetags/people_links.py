"""What pages ask about people: may this person manage them?"""

from django import template
from django.template import Context

from communes.access import manages_people as may_manage

register = template.Library()


@register.simple_tag(takes_context=True)
def manages_people(context: Context) -> bool:
    """Whether the signed-in person manages people anywhere; asks no more than the frame did."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and may_manage(user))
