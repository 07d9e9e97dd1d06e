"""People who sign in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from portal import clock
from portal.ledger.models import Chained

from .tree import Unit

PHONE = RegexValidator(r"^1[3-9]\d{9}$", "手机号是 11 位数字，以 1 开头。")


class UserManager(BaseUserManager["User"]):
    """People, found by username or phone."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Finds a person by what they type to sign in."""
        return self.get(Q(username=username) | Q(phone=username))

    def create_user(self, username: str, name: str, password: str | None = None, **more: Any) -> "User":
        """Adds a person who can sign in."""
        user = self.model(username=username, name=name, **more)
        user.set_password(password)
        user.save()
        return user


class User(Chained, AbstractBaseUser):  # type: ignore[django-manager-missing]
    """A person who signs in with a username or a phone number, known by their Chinese name.

    `home` is the unit they belong to (staff: their school; a parent: none). `epoch` rises to sign out everywhere.
    The chain records what was done to the account. Save with `update_fields`: the chain's columns are the ledger's.
    """

    username = models.CharField("工号", max_length=40, unique=True)
    phone = models.CharField("手机号", max_length=11, unique=True, null=True, blank=True, validators=[PHONE])
    name = models.CharField("姓名", max_length=40)
    email = models.EmailField("邮箱", blank=True)
    home = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    is_active = models.BooleanField("在用", default=True)
    left_on = models.DateField("离开日期", null=True, blank=True)
    must_change_password = models.BooleanField(default=False)
    password_set_on = models.DateField(null=True, editable=False)
    epoch = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    last_login = None

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["home", "name"], name="user_home_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def surname(self) -> str:
        """The family name shown in the round badge."""
        return self.name[:1]

    def set_password(self, raw_password: str | None) -> None:
        """Sets the password and the day it was set on."""
        super().set_password(raw_password)
        self.password_set_on = clock.today()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Ends sessions when the password changes, or when the person signs out everywhere."""
        ours: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        return f"{ours}{self.epoch}"
