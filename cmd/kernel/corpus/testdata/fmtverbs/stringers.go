package main

import "fmt"

type temp float64

func (t temp) String() string { return fmt.Sprintf("%.1f°", float64(t)) }

type secret string

func (secret) GoString() string { return "hidden" }

type money struct{ cents int }

func (m money) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, "$%d.%02d(%c)", m.cents/100, m.cents%100, verb)
}

type boom struct{}

func (*boom) String() string { return "boom" }

func main() {
	fmt.Println(temp(21.55), []temp{1, 2})
	fmt.Printf("%v %s %.3f\n", temp(3), temp(4), temp(5))
	fmt.Printf("%#v %v\n", secret("x"), secret("y"))
	fmt.Printf("%v %d\n", money{1234}, money{5})
	var b *boom
	fmt.Println(b, &boom{})
	fmt.Printf("%v %v\n", struct{ t temp }{1}, struct{ T temp }{2})
}
