package main

import "fmt"

type trie struct {
	next [26]*trie
	end  bool
}

func (t *trie) add(word string) {
	for _, r := range word {
		if t.next[r-'a'] == nil {
			t.next[r-'a'] = &trie{}
		}
		t = t.next[r-'a']
	}
	t.end = true
}

func (t *trie) has(word string) bool {
	for _, r := range word {
		if t = t.next[r-'a']; t == nil {
			return false
		}
	}
	return t.end
}

func (t *trie) words(prefix string) (all []string) {
	if t.end {
		all = append(all, prefix)
	}
	for i, next := range t.next {
		if next != nil {
			all = append(all, next.words(prefix+string(rune('a'+i)))...)
		}
	}
	return all
}

type tree struct {
	value int
	kids  [2]*tree
}

func (t *tree) insert(v int) *tree {
	if t == nil {
		return &tree{value: v}
	}
	side := 0
	if v > t.value {
		side = 1
	}
	t.kids[side] = t.kids[side].insert(v)
	return t
}

func (t *tree) mirror() {
	if t != nil {
		t.kids[0], t.kids[1] = t.kids[1], t.kids[0]
		t.kids[0].mirror()
		t.kids[1].mirror()
	}
}

func (t *tree) String() string {
	if t == nil {
		return "-"
	}
	return fmt.Sprintf("(%v %d %v)", t.kids[0], t.value, t.kids[1])
}

var calls int

func (t *tree) self() *tree { calls++; return t }

func pair() (*tree, *tree) { return &tree{value: 8}, nil }

func main() {
	root := &trie{}
	for _, word := range []string{"to", "tea", "ten", "i", "in", "inn"} {
		root.add(word)
	}
	fmt.Println(root.has("tea"), root.has("te"), root.has("inn"), root.has("x"), root.words(""))

	var t *tree
	for _, v := range []int{4, 2, 6, 1, 3} {
		t = t.insert(v)
	}
	fmt.Println(t, len(t.kids))
	t.mirror()
	fmt.Println(t)
	t.self().kids[0] = nil
	fmt.Println(t, calls)
	kids := t.kids
	kids[0] = t
	fmt.Println(t.kids[0] == nil, kids == t.kids, kids[1] == t.kids[1])
	copied := *t
	copied.kids[1] = &tree{value: 9}
	fmt.Println(&copied, t)
	t.kids[0], t.kids[1] = pair()
	_, t.kids[1] = pair()
	t.kids[1], _ = pair()
	ok := false
	t.kids[1], ok = map[int]*tree{1: {value: 5}}[1]
	fmt.Println(t, ok)
	t.kids[0], t.kids[1] = pair()
	var i int
	i, t.kids[i].kids[1] = 1, &tree{value: 7}
	_, t.kids[i] = fmt.Sprint(i), &tree{value: 5}
	fmt.Println(t, i)
	t.kids = [2]*tree{nil, {value: 3}}
	for _, kid := range t.kids {
		fmt.Println(kid)
	}
	for t.kids[0] = t.kids[1]; t.kids[0] != nil; t.kids[0] = nil {
		fmt.Println("once", t.kids[0])
	}
	nodes := map[string]*tree{"a": {value: 1, kids: [2]*tree{{value: 2}}}}
	nodes["a"].kids[1] = &tree{value: 3}
	fmt.Println(nodes, tree{}.kids[0] == nil)
	var all [2]tree
	all[1].kids[0] = &all[0]
	all[0].value = 6
	fmt.Println(all[1].kids[0].value)
}
