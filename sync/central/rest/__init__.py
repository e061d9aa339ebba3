"""The APIs of machines: merchants, hubs and carriers, each with a key of its own.

One table of operations (`operations.ALL`) makes the routes, the OpenAPI description and the tests
that go over every endpoint, so that none of the three can forget one.
"""
