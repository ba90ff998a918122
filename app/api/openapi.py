"""The OpenAPI document of /api/v1, written by hand and held to the routes by a test."""

from typing import Any

from workflows import rules

WORDS = {
    "type": "object",
    "required": ["ko", "en"],
    "properties": {"ko": {"type": "string"}, "en": {"type": "string"}},
}
MONEY = {"type": ["integer", "null"], "description": "KRW"}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "title_ko", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "title_ko": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "field": {"type": "string"},
    },
}
PROJECT = {
    "type": "object",
    "properties": {
        "number": {"type": "string"},
        "year": {"type": "integer"},
        "type": {"type": "string"},
        "title": WORDS,
        "country": {"type": ["string", "null"]},
        "city": {"type": "string"},
        "amount_krw": MONEY,
        "source": {"type": ["string", "null"]},
    },
}
CASE = {
    "type": "object",
    "properties": {
        "number": {"type": "string"},
        "state": {"type": "string"},
        "label": WORDS,
        "turn": WORDS,
        "revision": {"type": "integer"},
        "actions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "trigger": {"type": "string"},
                    "label": WORDS,
                    "allowed": {"type": "boolean"},
                    "reason": {"anyOf": [WORDS, {"type": "null"}]},
                },
            },
        },
    },
}


def _answer(schema: dict[str, Any], says: str = "OK") -> dict[str, Any]:
    return {"description": says, "content": {"application/json": {"schema": schema}}}


def _problem(says: str) -> dict[str, Any]:
    return {"description": says, "content": {"application/problem+json": {"schema": PROBLEM}}}


def _query(name: str, kind: str = "string") -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": kind}}


def _path(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **more}}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "K-City Casework", "version": "1"},
    "servers": [{"url": "/api/v1"}],
    "paths": {
        "/projects": {
            "get": {
                "summary": "Supported projects",
                "parameters": [_query("year", "integer"), _query("country"), _query("type"), _query("after")],
                "responses": {
                    "200": _answer(
                        {
                            "type": "object",
                            "properties": {
                                "items": {"type": "array", "items": PROJECT},
                                "next": {"type": ["string", "null"]},
                            },
                        }
                    ),
                    "422": _problem("A field is not acceptable"),
                },
            }
        },
        "/rules/{name}": {
            "post": {
                "summary": "A rule of law as a pure function",
                "parameters": [_path("name", enum=list(rules.NAMES))],
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {
                    "200": _answer({"type": "object", "properties": {"words": WORDS}}),
                    "404": _problem("No such rule"),
                    "422": _problem("Bad input, naming the field"),
                },
            }
        },
        "/cases/{number}": {
            "get": {
                "summary": "A case as its viewer sees it",
                "parameters": [_path("number")],
                "responses": {"200": _answer(CASE), "404": _problem("Unknown, or not to be known")},
            }
        },
        "/openapi.json": {"get": {"summary": "This document", "responses": {"200": _answer({"type": "object"})}}},
    },
}
