package main

import "fmt"

func main() {
	defer func() {
		defer func() {
			fmt.Println("second:", recover())
		}()
		fmt.Println("first:", recover())
		panic("two")
	}()
	func() {
		defer func() {
			func() { fmt.Println("not direct:", recover()) }()
		}()
		panic("one")
	}()
	fmt.Println("never")
}
