"""Language codes as libraries write them (ISO 639-2 and 639-3, MARC) to BCP 47 tags, which take two letters where there are two."""

import re

# terminological and bibliographic codes of ISO 639-2 with a two-letter code: those of Europe and of the francophone world
_SHORT = dict(
    pair.split("=")
    for pair in (
        "fra=fr fre=fr eng=en deu=de ger=de ita=it spa=es por=pt nld=nl dut=nl lat=la cat=ca oci=oc bre=br eus=eu baq=eu cos=co "
        "gle=ga gla=gd cym=cy wel=cy cor=kw glg=gl arg=an roh=rm srd=sc ltz=lb dan=da swe=sv nor=no nob=nb nno=nn isl=is ice=is "
        "fin=fi est=et lav=lv lit=lt pol=pl ces=cs cze=cs slk=sk slo=sk slv=sl hrv=hr srp=sr bos=bs mkd=mk mac=mk bul=bg ron=ro "
        "rum=ro hun=hu sqi=sq alb=sq ell=el gre=el rus=ru ukr=uk bel=be hye=hy arm=hy kat=ka geo=ka tur=tr ara=ar heb=he yid=yi "
        "fas=fa per=fa urd=ur hin=hi ben=bn tam=ta san=sa zho=zh chi=zh jpn=ja kor=ko vie=vi khm=km lao=lo tha=th mlg=mg swa=sw "
        "wol=wo ful=ff bam=bm ewe=ee hau=ha ibo=ig yor=yo lin=ln kon=kg kin=rw run=rn sag=sg hat=ht tah=ty mri=mi mao=mi haw=haw "
        "iku=iu cre=cr oji=oj ipk=ik kal=kl nav=nv que=qu grn=gn aym=ay epo=eo ina=ia vol=vo msa=ms may=ms ind=id"
    ).split()
)
_NAMES = {
    "français": "fr",
    "french": "fr",
    "francais": "fr",
    "anglais": "en",
    "english": "en",
    "latin": "la",
    "occitan": "oc",
    "breton": "br",
}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")


def language_tag(code: str | None) -> str | None:
    """Return the BCP 47 tag of a language code or of a common name, None where it says nothing (`und`, `mul`, `zxx`, prose)."""
    code = (code or "").strip().replace("_", "-")
    if code.lower() in _NAMES:
        return _NAMES[code.lower()]
    if not _TAG.match(code):
        return None
    primary, _, rest = code.partition("-")
    primary = primary.lower()
    if primary in ("und", "mul", "zxx", "mis"):
        return None
    return "-".join(filter(None, (_SHORT.get(primary, primary), rest)))
