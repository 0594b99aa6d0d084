"""본인인증: verified persons and one-time numbers."""

from __future__ import annotations

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS, Refusal, Sandbox, SandboxClock

from tests.sandbox.support import START, Answer, Api
from tests.schemas import document

PERSON = {"name": "홍길동", "birth": "900101", "gender_digit": "1", "phone": "010-0000-1234", "carrier": "SKT"}
UNKNOWN = (404, -1, "인증결과가 존재하지 않습니다.")
KEYS = {channel.pg_provider: channel.channel_key for channel in DEFAULT_CHANNELS if channel.type == "certification"}


def ask(api: Api, **fields: object) -> Answer:
    return api.post("/certifications/otp/request", **(PERSON | fields))


def confirm(api: Api, imp_uid: str, otp: object = None) -> Answer:
    fields = {} if otp is None else {"otp": otp}
    return api.post(f"/certifications/otp/confirm/{imp_uid}", **fields)


class TestWindow:
    def test_person_is_read_and_erased(self, api: Api, sandbox: Sandbox) -> None:
        person = sandbox.identity.verify(
            name="홍길동",
            birthday="1990-01-01",
            gender="male",
            phone="010-0000-1234",
            carrier="KT",
            merchant_uid="join-1",
        )
        record = api.get(f"/certifications/{person.imp_uid}").response
        assert list(record) == sorted(document()["components"]["schemas"]["Certification"]["properties"])
        wanted = {"name": "홍길동", "birthday": "1990-01-01", "birth": 631_119_600, "gender": "male", "certified": True}
        contact = {"phone": "01000001234", "carrier": "KT", "merchant_uid": "join-1", "pg_provider": "danal"}
        assert record.items() >= (wanted | contact | {"certified_at": START, "foreigner": False}).items()
        assert (len(record["unique_key"]), len(record["unique_in_site"])) == (88, 64)
        assert api.delete(f"/certifications/{person.imp_uid}").response == record
        assert api.get(f"/certifications/{person.imp_uid}").verdict == UNKNOWN
        assert api.delete(f"/certifications/{person.imp_uid}").verdict == UNKNOWN

    def test_person_who_leaves_can_be_read_but_is_nobody(self, api: Api, sandbox: Sandbox) -> None:
        person = sandbox.identity.verify(name="홍길동", birthday="1990-01-01", certified=False)
        assert not person.certified
        record = api.get(f"/certifications/{person.imp_uid}").response
        assert (record["certified"], record["certified_at"], record["pg_provider"]) == (False, 0, "danal")
        for name in ("name", "birthday", "gender", "phone", "carrier", "unique_key", "unique_in_site", "pg_tid"):
            assert record[name] is None

    def test_same_person_has_the_same_ci_everywhere_and_one_di_for_each_merchant_id(self, sandbox: Sandbox) -> None:
        here = sandbox.identity.verify(name="홍길동", birthday="1990-01-01")
        again = sandbox.identity.verify(name="홍길동", birthday="1990-01-01")
        there = sandbox.identity.verify(name="홍길동", birthday="1990-01-01", pg="kcp_v2")
        other = sandbox.identity.verify(name="김하늘", birthday="1990-01-01")
        assert here.unique_key == again.unique_key == there.unique_key != other.unique_key
        assert here.unique_in_site == again.unique_in_site != there.unique_in_site
        assert len({here.imp_uid, again.imp_uid, there.imp_uid, other.imp_uid}) == 4

    def test_unified_window_of_inicis_gives_less(self, api: Api, sandbox: Sandbox) -> None:
        person = sandbox.identity.verify(name="홍길동", birthday="1968-05-05", phone="01000001234", pg="inicis_unified")
        record = api.get(f"/certifications/{person.imp_uid}").response
        assert record["unique_in_site"] is None
        assert record["birth"] < 0
        assert record["phone"] == "01000001234"
        assert "carrier" not in record

    def test_over_the_wire(self, api: Api) -> None:
        body = {"name": "홍길동", "birthday": "1990-01-01", "channel_key": KEYS["kcp_v2"]}
        imp_uid = api.send("POST", "/_sandbox/certifications", json=body).response["imp_uid"]
        assert api.get(f"/certifications/{imp_uid}").response["pg_provider"] == "kcp_v2"

    @pytest.mark.parametrize(
        "fields",
        [
            {"birthday": "1990-02-30"},
            {"birthday": "19900101"},
            {"name": " "},
            {"phone": "02-000-0000"},
            {"carrier": "AT&T"},
            {"channel_key": "channel-key-none"},
        ],
    )
    def test_nonsense_is_refused(self, api: Api, fields: dict[str, str]) -> None:
        body = {"name": "홍길동", "birthday": "1990-01-01"} | fields
        assert api.send("POST", "/_sandbox/certifications", json=body).status == 400

    def test_person_of_a_tier_is_not_another_ones(self, api: Api, sandbox: Sandbox) -> None:
        person = sandbox.identity.verify(name="홍길동", birthday="1990-01-01", tier="A01")
        assert api.get(f"/certifications/{person.imp_uid}").status == 404
        assert Api(sandbox, tier="A01").get(f"/certifications/{person.imp_uid}").status == 200

    def test_payment_made_in_the_same_second_has_a_number_of_its_own(self, sandbox: Sandbox) -> None:
        person = sandbox.identity.verify(name="홍길동", birthday="1990-01-01")
        assert sandbox.pay(merchant_uid="order-1", amount=1000).imp_uid != person.imp_uid


class TestNumber:
    def test_right_number_verifies(self, api: Api, sandbox: Sandbox) -> None:
        asked = ask(api, merchant_uid="join-1", is_mvno=True)
        imp_uid = asked.response["imp_uid"]
        assert list(asked.response) == ["imp_uid"]
        assert api.get(f"/certifications/{imp_uid}").response["certified_at"] == 0
        record = confirm(api, imp_uid, sandbox.identity.otp(imp_uid)).response
        assert (record["name"], record["birthday"], record["gender"]) == ("홍길동", "1990-01-01", "male")
        assert (record["carrier"], record["merchant_uid"], record["certified_at"]) == ("SKT_MVNO", "join-1", START)
        assert api.get(f"/certifications/{imp_uid}").response == record

    def test_used_number_is_refused(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = ask(api).response["imp_uid"]
        number = sandbox.identity.otp(imp_uid)
        confirm(api, imp_uid, number)
        assert confirm(api, imp_uid, number).verdict == (400, 1, "이미 인증이 완료된 요청입니다.")
        with pytest.raises(Refusal):
            sandbox.identity.otp(imp_uid)

    def test_wrong_missing_and_late_number(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = ask(api).response["imp_uid"]
        (shown,) = api.send("GET", "/_sandbox/otp").response
        assert shown == {"imp_uid": imp_uid, "otp": sandbox.identity.otp(imp_uid), "until": START + 180}
        wrong = f"{(int(shown['otp']) + 1) % 10**6:06d}"
        assert confirm(api, imp_uid, wrong).verdict == (400, -1, "인증번호가 일치하지 않습니다.")
        assert confirm(api, imp_uid).verdict == (400, 1, "otp 파라메터가 누락되었습니다.")
        sandbox.clock.advance(seconds=181)
        assert confirm(api, imp_uid, shown["otp"]).verdict == (400, -1, "인증번호의 유효시간이 지났습니다.")
        assert api.send("GET", "/_sandbox/otp").response == []

    def test_nothing_was_asked(self, api: Api, sandbox: Sandbox) -> None:
        person = sandbox.identity.verify(name="홍길동", birthday="1990-01-01")
        for imp_uid in ("imp_000000000000", person.imp_uid):
            assert confirm(api, imp_uid, "000000").verdict == (404, 1, "인증 요청 내역이 존재하지 않습니다.")

    def test_app_of_kcp_needs_no_number(self, api: Api) -> None:
        imp_uid = ask(api, channel_key=KEYS["kcp_v2"], verification_method="APP").response["imp_uid"]
        assert api.send("GET", "/_sandbox/otp").response == []
        assert confirm(api, imp_uid).response["pg_provider"] == "kcp_v2"

    def test_app_is_for_kcp_only(self, api: Api) -> None:
        assert ask(api, verification_method="APP").status == 400
        assert ask(api, verification_method="APP", channel_key=KEYS["danal"]).status == 400

    @pytest.mark.parametrize("pg_rules", [True, False])
    def test_pg_without_numbers(self, pg_rules: bool) -> None:
        api = Api(Sandbox(clock=SandboxClock.frozen_at(START), pg_rules=pg_rules))
        answer = ask(api, channel_key=KEYS["inicis_unified"])
        assert (answer.status, answer.code) == (400, 1)

    def test_telephone_belongs_to_who_was_verified_with_it(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.identity.verify(name="김하늘", birthday="1991-01-01", gender="female", phone="010-0000-1234")
        assert ask(api).verdict == (400, -1, "입력하신 정보가 통신사 정보와 일치하지 않습니다.")
        assert ask(api, name="김하늘", birth="910101", gender_digit="2").status == 200

    @pytest.mark.parametrize(
        ("digit", "birthday", "gender", "foreigner"),
        [
            ("1", "1990-01-01", "male", False),
            ("4", "2090-01-01", "female", False),
            ("5", "1990-01-01", "male", True),
            ("8", "2090-01-01", "female", True),
        ],
    )
    def test_what_the_digit_says(
        self, api: Api, sandbox: Sandbox, digit: str, birthday: str, gender: str, foreigner: bool
    ) -> None:
        imp_uid = ask(api, gender_digit=digit).response["imp_uid"]
        record = confirm(api, imp_uid, sandbox.identity.otp(imp_uid)).response
        assert (record["birthday"], record["gender"], record["foreigner"]) == (birthday, gender, foreigner)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("birth", "9001"),
            ("birth", "901301"),
            ("gender_digit", "9"),
            ("phone", "1234"),
            ("name", "  "),
        ],
    )
    def test_bad_data(self, api: Api, name: str, value: str) -> None:
        answer = ask(api, **{name: value})
        assert (answer.status, answer.code) == (400, 1)
        assert name in str(answer.message)

    def test_no_channel_for_it(self) -> None:
        channels = [channel for channel in DEFAULT_CHANNELS if channel.type == "payment"]
        assert ask(Api(Sandbox(channels=channels))).code != 0
        assert ask(Api(Sandbox()), channel_key="channel-key-none").status == 400


def test_nothing_of_a_person_is_seen_outside_of_answers(api: Api, sandbox: Sandbox) -> None:
    imp_uid = ask(api).response["imp_uid"]
    number = sandbox.identity.otp(imp_uid)
    confirm(api, imp_uid, number)
    engine = vars(sandbox)["_engine"]
    seen = repr(sandbox.journal) + repr(engine.state)
    for secret in ("홍길동", "01000001234", "010-0000-1234", "1990-01-01", repr(number)):
        assert secret not in seen
