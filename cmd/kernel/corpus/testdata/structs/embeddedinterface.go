package main

import "fmt"

type Logger interface{ Log(string) }

type console struct{ prefix string }

func (c console) Log(s string) { fmt.Println(c.prefix + s) }

type Service struct {
	Logger
	name string
}

type loud struct{ Logger }

func (l loud) Log(s string) { l.Logger.Log(s + "!") }

func main() {
	s := Service{console{"> "}, "svc"}
	s.Log("start")
	s.Logger = loud{s.Logger}
	s.Log("stop")
}
