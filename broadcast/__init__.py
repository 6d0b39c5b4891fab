"""Alerts to many, in the order of their way.

written      alert, in the words of vocabulary; preference, watermark; template with blanks, starters; cap/ exchanges it
for whom     selection, of places/ and members/; crowd shows people without their names
approved     preflight/ tells what sending would mean; approval, by somebody else; alerts takes each of these steps, and
             notices tells officers; schedule, when it is to leave later
sent         event is what was sent and how it reads, spoken how it sounds; audience chooses where each person is told;
             expansion to lines and chunks, sending to jobs, dispatch, chunk; its tempo, and the gate, before each
             message
another way  failover decides it, other_ways writes it down
steered      steering pauses, resumes, ends and follows; replacing marks what is replaced; retrying, by hand
answered     acknowledgement asks, acknowledging keeps what was said; replies
counted      results/
kept         tables, repository/
"""
