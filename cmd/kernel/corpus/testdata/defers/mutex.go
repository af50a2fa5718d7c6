package main

import (
	"fmt"
	"sync"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) withdraw(n int) (ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.balance < n {
		return false
	}
	a.balance -= n
	return true
}

func main() {
	a := &account{balance: 10}
	fmt.Println(a.withdraw(7), a.withdraw(7), a.balance)
}
