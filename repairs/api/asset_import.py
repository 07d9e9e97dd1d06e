"""The register brought in by programs: what a file would do, then doing it."""

from portal.hall.settings.bringing import ImportEndpoint, import_verbs
from portal.orgs.policies import holding
from repairs.forms.asset_lines import BRINGING
from repairs.queries.assets import WRITERS


class AssetImport(ImportEndpoint):
    """A file of assets."""

    tag, policies, bringing = "资产", {"POST": holding(*WRITERS)}, BRINGING
    verbs = import_verbs("repairs_assets_import", "资产：导入")
