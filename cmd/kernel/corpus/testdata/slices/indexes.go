package main

import "fmt"

type day int

const (
	one byte = 1
	mon day  = 2
)

type table struct {
	names [3]string
	list  []int
}

func second() [3]string { return [3]string{"a", "b", "c"} }

func main() {
	r, u8, i64 := 'b', uint8(1), int64(2)
	t := table{list: make([]int, 3)}
	t.names[r-'a'] = "s"
	t.list[r-'a'] = 3
	p := &t
	p.names[r-'a'] += "t"
	t.names[u8-1], t.list[i64] = "z", 3
	fmt.Println(t, t.names[r-'a'], p.names[u8], [3]int{1, 2, 3}[u8], "abc"[u8], "abc"[r-'a'], second()[u8])
	fmt.Println([]int{1, 2, 3}[r-'a':i64], "hello"[u8:i64+1], t.list[:u8:i64], t.names[mon:], "hello"[one:])
	a := &t.names
	a[u8] = "pointer"
	t.names[one], t.names[mon] = "one", "mon"
	fmt.Println(*a, t.names[one], t.names[mon])
	d := day(1)
	t.list[d]++
	t.list[d] += 2
	t.list[d] <<= 1
	fmt.Println(t.list, d)
	var counts [26]int
	for _, r := range "hello" {
		counts[r-'a']++
	}
	fmt.Println(counts['l'-'a'], counts)
	bytes := []byte("hello")
	bytes[u8] -= 'a' - 'A'
	fmt.Println(string(bytes))
	func() {
		defer func() { fmt.Println(recover() != nil) }()
		t.list[i64+1] = 4
	}()
	grid := [2][2]rune{}
	grid[u8][i64-1] = 'x'
	swap := []string{"left", "right"}
	swap[u8], swap[u8-1] = swap[u8-1], swap[u8]
	fmt.Println(grid, swap)
}
