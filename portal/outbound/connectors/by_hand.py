"""For systems without an interface: people take a table there and bring the receipt numbers back."""

from .connector import Connector


class ByHand(Connector):
    """An Excel table out, receipt numbers in."""

    code = "by_hand"
    title = "Excel 报送"
    about = "对方没有接口：导出表格去对方系统填报，再把回执号导入回来。"
    carries = False
