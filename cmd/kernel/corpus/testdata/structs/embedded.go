package main

import (
	"fmt"
)

type animal struct {
	name string
	legs int
}

func (a animal) describe() string { return fmt.Sprintf("%s has %d legs", a.name, a.legs) }

type dog struct {
	animal
	age int
}

func (d dog) describe() string { return "dog " + d.animal.describe() }
func (d dog) speak() string    { return "wuff" }

type puppy struct{ *dog }

func (p puppy) speak() string { return "wiff " + p.dog.speak() }

type speaker interface{ speak() string }
type logger struct{ lines []string }

func (l *logger) Logf(format string, args ...any) {
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

type service struct {
	*logger
	name string
}

func main() {
	d := dog{animal{"rex", 4}, 3}
	fmt.Println(d.name, d.legs, d.describe(), d.animal.describe(), d)
	fmt.Printf("%+v %v\n", d, &d)
	var s speaker = d
	fmt.Println(s.speak())
	if a, ok := s.(interface{ describe() string }); ok {
		fmt.Println(a.describe())
	}
	p := &puppy{dog: &d}
	p.legs = 5
	fmt.Println(d.legs, p.speak(), p.describe())
	s = p
	_, isDog := s.(dog)
	fmt.Println(isDog)
	var l logger
	l.Logf("a %d", 1)
	l.lines[0] += "!"
	fmt.Println(l.lines)
	svc := service{logger: &l, name: "svc"}
	svc.Logf("b")
	fmt.Println(len(l.lines), svc.lines)
}
