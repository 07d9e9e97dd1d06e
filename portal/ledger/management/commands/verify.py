"""`manage.py verify [--seals FILE]`: proves the whole ledger, or names the first bad row and exits 1."""

import os
from argparse import FileType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.ledger.proof.seals import NotASavedCopy
from portal.ledger.verification import Proof, verify


class Command(BaseCommand):
    help = "核对全部记录：内容、先后、链头、封存与签名；发现问题时指出第一处并以 1 退出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seals", type=FileType(encoding="utf-8"), metavar="FILE", help="外部保存的封存副本（JSON 行）"
        )
        parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 4), help="同时用几个进程核对")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            proof = verify(saved=options["seals"], processes=options["processes"])
        except NotASavedCopy as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong
        if proof.flaw:
            raise CommandError(str(proof.flaw), returncode=1)
        self.stdout.write(_counts(proof))


def _counts(proof: Proof) -> str:
    sealed = f"{proof.seals:,} 次封存（至 {proof.until}）" if proof.seals else "尚无封存"
    others = "".join(f"、{count:,} {name}" for name, count in proof.others.items())
    return f"已核对 {proof.events:,} 条记录、{proof.chains:,} 条链、{sealed}{others}：首尾相接，未被改动。"
