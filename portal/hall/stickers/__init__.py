"""贴纸 as those who keep them see it: where there are some, the sheet for paper, another for a lost one."""
