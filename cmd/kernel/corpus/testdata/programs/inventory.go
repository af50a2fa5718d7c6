package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

type Item struct {
	Name  string
	Price float64
	Count int
}

type Inventory struct {
	items map[string]*Item
	log   []string
}

func (inv *Inventory) logf(format string, args ...any) {
	inv.log = append(inv.log, fmt.Sprintf(format, args...))
}

func (inv *Inventory) Add(name string, price float64, n int) {
	if inv.items == nil {
		inv.items = make(map[string]*Item)
	}
	it, ok := inv.items[name]
	if !ok {
		it = &Item{Name: name, Price: price}
		inv.items[name] = it
	}
	it.Count += n
	inv.logf("+%d %s", n, name)
}

func (inv *Inventory) Total() (sum float64) {
	for _, it := range inv.items {
		sum += it.Price * float64(it.Count)
	}
	return
}

func (inv *Inventory) Report() {
	names := make([]string, 0)
	for n := range inv.items {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		it := inv.items[n]
		fmt.Fprintf(os.Stdout, "%-8s %3d x %6.2f\n", it.Name, it.Count, it.Price)
	}
	fmt.Println(strings.Repeat("=", 20))
	fmt.Printf("%.2f\n", inv.Total())
}

func main() {
	var inv Inventory
	inv.Add("pear", 0.5, 10)
	inv.Add("apple", 0.25, 4)
	inv.Add("pear", 9, 2)
	inv.Report()
	fmt.Println(strings.Join(inv.log, "; "))
}
