package main

import (
	"fmt"
	"time"
)

func main() {
	d := 90*time.Minute + 30*time.Second
	fmt.Println(d, d.Hours(), d.Truncate(time.Hour), time.Duration(1500)*time.Millisecond)
	t := time.Date(2024, time.February, 28, 23, 0, 0, 0, time.UTC)
	u := t.Add(d)
	fmt.Println(u.Format(time.RFC3339), u.Weekday(), u.YearDay(), u.Sub(t), u.After(t))
	p, err := time.Parse("2006-01-02", "2024-12-25")
	fmt.Println(p.Month(), p.Day(), err, t.AddDate(0, 0, 2).Format("Jan 2"))
	n := 3
	fmt.Println(time.Duration(n) * time.Second)
	_, err = time.ParseDuration("1x")
	fmt.Println(err)
}
