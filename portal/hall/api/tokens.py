"""A token for a program: asked for with name and password, given back when it is no longer needed."""

from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.errors import NotThere
from portal.hall.account.caller import network_of
from portal.orgs.policies import KNOWN, PUBLIC, person
from portal.orgs.signin import Caller, check
from portal.orgs.tokens import issue_token, revoke
from portal.wire.endpoint import Endpoint, Verb
from portal.wire.fields import object_of

ABOUT = "令牌只在这一次回答里出现，请妥善保存；每人最多 20 个，不用的请作废。岗位要求两步验证的人须带 otp。"


class TokenForm(forms.Form):
    """Name or phone, password, a code where one is wanted, and what the token is called in 我的."""

    username = forms.CharField(label="工号或手机号", max_length=60)
    password = forms.CharField(label="密码", max_length=200, strip=False)
    otp = forms.CharField(
        label="验证码", required=False, max_length=20, help_text="验证器里的 6 位数字，或一个备用码。"
    )
    name = forms.CharField(label="令牌名称", required=False, max_length=60, help_text="显示在“我的”里，如“数据平台”。")


class TokenShape(serializers.Serializer[Any]):
    """The token, to be sent as `Authorization: Bearer …`."""

    token = serializers.CharField()


class Token(Endpoint):
    """Making a token, and revoking the one presented."""

    policies = {"POST": PUBLIC, "DELETE": KNOWN}
    tag = "令牌"
    verbs = {
        "POST": Verb(
            "token_issue", "申请令牌", ABOUT, takes=object_of(TokenForm.base_fields), gives=TokenShape, status=201,
            refuses=(403, 429),
        ),
        "DELETE": Verb("token_revoke", "作废正在用的令牌", status=204, refuses=(404,)),
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """After the right password (and code); tries slow down, as on the page."""
        said = self.body(TokenForm)
        caller = Caller(device="", network=network_of(self.here))
        by = check(said["username"], said["password"], said["otp"], caller)
        token = issue_token(person=by, name=said["name"] or "接口", by=by, second_factor=bool(said["otp"]))
        return Response({"token": token}, status=201)

    def delete(self, request: Request) -> Response:
        """From the next request on it is nobody's."""
        if request.auth is None:
            raise NotThere("这次请求没有用令牌，没有可以作废的。")
        revoke(request.auth.pk, by=person(self.here))
        return Response(status=204)
