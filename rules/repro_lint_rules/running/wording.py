"""The words by which people tell each other to run something, in the languages READMEs are written in."""

from __future__ import annotations

import re

from repro_lint.api import lazy_pattern

# Verbs that come before what they act on.
_BEFORE = (
    r"\b(?:(?:re-?)?run(?:ning)?|execut(?:e|ing)|open(?:ing)?|see|start(?:ing)?|knit(?:ting)?|us(?:e|ing)"
    r"|launch(?:ing)?|invok(?:e|ing)|call(?:ing)?|sourc(?:e|ing)|render(?:ing)?|compil(?:e|ing)"
    r"|step through|work through|go through|refer to|try(?: out)?|consult|follow|(?:double-?)?click(?: on)?|submit"
    r"|führen?|ausführen|starten?|öffnen?|siehe|verwenden?|benutzen?|nutzen?"
    r"|ex[ée]cut\w+|lanc(?:ez|er|e)|ouvr\w+|utilis(?:ez|er|e)|voir|d[ée]marr\w+"
    r"|ejecut\w+|abr(?:ir|e|a)|usar|utili[cz]\w+|v[ée](?:r|ase)|inici\w+|corr(?:er|a|e)"
    r"|rod(?:ar|e)|veja|esegu\w+|apr(?:i|ire)|usa(?:re)?|vedi|avvia\w*|lancia\w*"
    r"|запус\w+|выполн\w+|откр\w+|использ\w+|см|смотр\w+)\b"
    r"|运行|運行|执行|執行|打开|打開|使用|启动|啟動|参见|参考|查看|実行|開|起動|参照|실행|열|사용|참고"
)
# What comes after it.
_AFTER = (
    r"\b(?:must|should|can|could|may|needs? to|has to|have to|is to|are to|will)\s+(?:then\s+|now\s+|also\s+)?be\s+"
    r"(?:run|executed|started|opened|used|launched|knitted|rendered|compiled|called|invoked)\b"
    r"|\bis\s+(?:the\s+)?(?:main\s+(?:script|file|program|notebook|entry)|entry[ -]point|starting point)"
    r"|\b(?:ausführen|ausgeführt|starten|gestartet|öffnen|geöffnet)\b|\baus\b"
    r"|を(?:実行|開|起動|使)|(?:을|를)\s*(?:실행|열|사용)|运行|執行|执行"
)
RUN_BEFORE = lazy_pattern(f"(?:{_BEFORE})", re.I)
RUN_AFTER = lazy_pattern(f"(?:{_AFTER})", re.I)
NEGATION = lazy_pattern(r"(?:\b(?:not|never|cannot|nicht|no|ne|não|non|не)\b|n['’]t)\s+(?:\w+\s+){0,2}\Z", re.I)

# Notebooks are opened, everybody knows how: saying so is enough, and so is saying where things are.
NOTEBOOKS = lazy_pattern(
    r"\b(?:run|open|execute|launch|start|rerun|re-run|go through|step through|work through|follow)\s+"
    r"(?:[\w'’-]+\s+){0,4}?"
    r"(?:jupyter|ipython|notebooks?)\b"
    r"|notebooks?\s+(?:(?:can|should|must|may|need to|have to)\s+be\s+)(?:run|opened|executed)"
    r"|notebooks?\b.{0,60}\b(?:ausführen|öffnen|starten)\b|\b(?:exécut|ejecut|rod|esegu)\w+.{0,20}notebooks?"
    r"|(?:运行|打开|执行).{0,12}notebook|notebook.{0,12}(?:を実行|を開|실행)",
    re.I,
)
FOUND_IN = lazy_pattern(
    r"\b(?:found|available|contained|shown|provided|described|documented|implemented|explained|given|done|performed|demonstrated|included|is|are)"
    r"\s+(?:\w+\s+){0,3}?(?:in|at|by|under)\b|\bcheck(?:\s+out)?\b|\bview\b|\bread\b|\blook\s+at\b|\brefer\b|\bvisit\b|\bconsulta\b|\bin\s*\Z",
    re.I,
)
HEADINGS = lazy_pattern(
    r"\b(?:(?:re-?)?run(?:ning|s)?|usage|how\s?to|use|using|execut\w+|reproduc\w*|replicat\w*|re-?creat\w+|get(?:ting)?[\s-]+started|quick[\s-]*start"
    r"|instructions?|workflow|pipeline|train(?:ing)?|evaluat\w*|inference|predict\w*|experiments?|demos?|examples?|tutorials?|walk-?through|launch\w*|start(?:ing)?"
    r"|steps|order|guide|main\s+(?:script|file|program)s?|entry\s+points?|notebooks?"
    r"|nutzung|verwendung|benutzung|anleitung|ausführ\w+|starten|reproduktion|beispiele?"
    r"|utilisation|ex[ée]cution|lancement|d[ée]marrage|mode\s+d'emploi|exemples?"
    r"|uso|ejecuci[oó]n|ejecutar|instrucciones|c[oó]mo|ejemplos?|reproducci[oó]n"
    r"|execu[cç][aã]o|executar|rodar|instru[cç][oõ]es|como|exemplos?|reprodu[cç][aã]o"
    r"|utilizzo|esecuzione|eseguire|istruzioni|esemp\w+|come\s+usare)\b"
    r"|运行|運行|使用|用法|快速开始|快速開始|复现|復現|训练|訓練|示例|教程|步骤|説明|実行|使い方|手順|再現|例|실행|사용|시작|예제|방법"
    r"|запуск\w*|использован\w*|примеры?|инструкц\w+|воспроизвед\w+|быстрый\s+старт",
    re.I,
)
DOCUMENTATION = lazy_pattern(
    r"\b(?:docs?|documentation|tutorials?|user\s+guide|guide|manual|wiki|get(?:ting)?\s+started|quick\s*start|examples?|usage|website"
    r"|how\s+to\s+\w+|instructions?|handbook|read\s+the\s+docs|dokumentation|documentaci[oó]n|documenta[cç][aã]o|documentazione)\b"
    r"|文档|文檔|教程|ドキュメント|문서|документаци\w+",
    re.I,
)
GENERIC_LINK = lazy_pattern(
    r"(?:(?:the|full|our|project|online|official|complete|detailed|user|api|more|read|see|view|latest|stable|here|for"
    r"|visit|click|check|out|to|go|a|of|in)\s+)*"
    r"(?:docs?|documentation|read the docs|user guide|manual|wiki|tutorials?|website|getting started|quick\s*start)"
    r"(?:\s+(?:status|here|site|website|page))?\W*",
    re.I,
)
