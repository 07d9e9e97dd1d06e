"""What tests of posts ask again and again."""

from portal.orgs.models import Post


def grants() -> set[tuple[str, str, str]]:
    """The whole permission map: who, role, where."""
    return set(Post.objects.values_list("user__username", "permission__codename", "content_object__name"))
