package main

import "fmt"

type Animal struct{ Name string }

func (a Animal) Speak() string    { return a.Name + " makes a sound" }
func (a *Animal) Rename(n string) { a.Name = n }

type Dog struct {
	Animal
	Breed string
}

func (d Dog) Speak() string { return d.Name + " barks; " + d.Animal.Speak() }

type Puppy struct {
	*Dog
	Age int
}

func main() {
	d := Dog{Animal{"Rex"}, "collie"}
	d.Rename("Max")
	p := Puppy{&d, 1}
	p.Rename("Bo")
	fmt.Println(d.Speak(), "|", p.Speak(), p.Name, p.Animal.Name, p.Breed)
}
