package main

// reasons says, by the name of a goal, why it was not reached in the last full run: a sentence
// or two with what a profile shows. --update writes them below the table of goals, where it
// marks those that are missing. A name is as it stands there:
//
//	"echo 64×64, stepwise, ≤ 1.05 × C, epoll": "A future and a step of the task cost …",
var reasons = map[string]string{}
