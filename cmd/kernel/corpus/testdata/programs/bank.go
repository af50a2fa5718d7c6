package main

import (
	"errors"
	"fmt"
	"sort"
)

type Account struct {
	ID      string
	Balance int
	History []Entry
}

type Entry struct {
	Kind   string
	Amount int
}

type Bank struct{ accounts map[string]*Account }

var (
	ErrNoAccount = errors.New("no such account")
	ErrFunds     = errors.New("insufficient funds")
)

func NewBank() *Bank { return &Bank{accounts: map[string]*Account{}} }

func (b *Bank) Open(id string, amount int) {
	b.accounts[id] = &Account{ID: id, Balance: amount}
}

func (b *Bank) get(id string) (*Account, error) {
	if a, ok := b.accounts[id]; ok {
		return a, nil
	}
	return nil, fmt.Errorf("%w: %s", ErrNoAccount, id)
}

func (b *Bank) Transfer(from, to string, amount int) error {
	src, err := b.get(from)
	if err != nil {
		return err
	}
	dst, err := b.get(to)
	if err != nil {
		return err
	}
	if src.Balance < amount {
		return fmt.Errorf("transfer %d from %s: %w", amount, from, ErrFunds)
	}
	src.apply("out", -amount)
	dst.apply("in", amount)
	return nil
}

func (a *Account) apply(kind string, amount int) {
	a.Balance += amount
	a.History = append(a.History, Entry{kind, amount})
}

func main() {
	b := NewBank()
	b.Open("ann", 100)
	b.Open("bob", 10)
	for _, t := range []struct {
		from, to string
		n        int
	}{{"ann", "bob", 30}, {"bob", "ann", 500}, {"ann", "eve", 1}} {
		err := b.Transfer(t.from, t.to, t.n)
		fmt.Println(err, errors.Is(err, ErrFunds), errors.Is(err, ErrNoAccount))
	}
	var ids []string
	for id := range b.accounts {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		fmt.Println(id, b.accounts[id].Balance, b.accounts[id].History)
	}
}
