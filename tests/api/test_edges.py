from api.parsers import read_object


def test_the_smallest_number_is_taken_too():
    assert read_object(b'{"a": -999999999999999999}') == {"a": -999_999_999_999_999_999}


def test_a_key_acts_once_for_each_address(alice, example):
    first, second = (
        alice.post("cases", {**example, "local_case_id": name}).json()["id"] for name in ("FIRST-1", "SECOND-1")
    )
    body = {"clock": "anaesthesia", "minutes": 340, "source": "ehr"}
    for case in (first, second):
        answer = alice.post(f"cases/{case}/or-times", body, idempotency_key="t-1")
        assert "Idempotency-Replayed" not in answer
        assert (answer.json()["id"], answer.json()["revision"]) == (case, 2)
        times = alice.get(f"cases/{case}").json()["procedure"]["times"]
        assert ("anaesthesia", 340, "ehr") in {(time["clock"], time["minutes"], time["source"]) for time in times}
