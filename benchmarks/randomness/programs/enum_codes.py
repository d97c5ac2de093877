from enum import Enum


class Stage(Enum):
    RAW = "raw"
    CLEAN = "clean"
    MODEL = "model"
    REPORT = "report"


done = {Stage.RAW, Stage.CLEAN, Stage.REPORT, Stage.MODEL}
order = [stage.value for stage in done]
print(order)
