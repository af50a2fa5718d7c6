package main

import (
	"fmt"
	"sort"
)

type Task struct {
	Name string
	When int
	Run  func(now int) []Task
}

type Scheduler struct {
	now   int
	queue []Task
}

func (s *Scheduler) Add(tasks ...Task) {
	for _, t := range tasks {
		t.When += s.now
		s.queue = append(s.queue, t)
	}
	sort.SliceStable(s.queue, func(i, j int) bool { return s.queue[i].When < s.queue[j].When })
}

func (s *Scheduler) Loop() {
	for len(s.queue) > 0 {
		t := s.queue[0]
		s.queue = s.queue[1:]
		s.now = t.When
		fmt.Printf("%3d %s\n", s.now, t.Name)
		if t.Run != nil {
			s.Add(t.Run(s.now)...)
		}
	}
}

func main() {
	var s Scheduler
	var tick func(int) []Task
	n := 0
	tick = func(int) []Task {
		if n++; n == 3 {
			return nil
		}
		return []Task{{"tick", 5, tick}}
	}
	s.Add(Task{"tick", 1, tick}, Task{Name: "once", When: 4})
	s.Loop()
}
