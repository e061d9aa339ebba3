"""The staffed counter, free of any screen: states, events, and one step over them.

    states/   what each job shows, frozen: one module a job
    model     the session, the events, and the verbs (`Do`) that a step may call
    step      which job an event belongs to; each job has a module of its own beside it

Everything is scanned first and asked for last: the code says what the job is.
"""
