package lesson

var selectorHints = map[string]Hints{
	"S01": {
		"Who knows what was registered with a descriptor, you or the kernel? And what does epoll_wait take for \"no limit\"?",
		"The kernel gives back the number of the descriptor. Keep the interest and the data in a map, by that number. A negative time becomes -1 milliseconds.",
		"`for _, e := range events[:n] { k := s.keys[int(e.Fd)]; ready = append(ready, selector.Ready{FD: int(e.Fd), Events: …, Data: k.data}) }`.",
	},
	"S02": {
		"How many events does the kernel report for one descriptor, and how many do you make of it?",
		"One event, with a mask in which two bits are set. Collect both in one selector.Events before you append.",
		"`if e.Events&unix.EPOLLIN != 0 { possible |= selector.Read }; if e.Events&unix.EPOLLOUT != 0 { possible |= selector.Write }`, and then one append.",
	},
	"S03": {
		"What does your map hold after the second Register?",
		"Look into the map first. What is there already stays, and the second one is refused.",
		"`if _, there := s.keys[fd]; there { return selector.ErrRegistered }`.",
	},
	"S04": {
		"What would the kernel wait for, if you gave it an empty mask? Does it complain?",
		"It takes the empty mask, and wakes you for hang-ups only. So check before you ask it, in Register and in Modify.",
		"`if interest == 0 || interest&^(selector.Read|selector.Write) != 0 { return selector.ErrInterest }`. The kernel itself refuses a number that isn't a descriptor: return its error.",
	},
	"S05": {
		"The kernel may say no. What is in your map then?",
		"Ask the kernel first, and write into the map when it has accepted.",
		"`if err := unix.EpollCtl(…); err != nil { return err }`, and only after it `s.keys[fd] = key{interest, data}`.",
	},
	"S06": {
		"Two lists hold a descriptor, yours and the kernel's. Which of them did you clean?",
		"EPOLL_CTL_DEL takes it from the kernel's list, delete from yours. For what isn't in your map, return selector.ErrNotRegistered, in Modify too.",
		"`if _, there := s.keys[fd]; !there { return selector.ErrNotRegistered }`, then the EpollCtl with EPOLL_CTL_DEL, then `delete(s.keys, fd)`.",
	},
	"S08": {
		"After Modify, what counts: the new interest alone, or both the old and the new?",
		"EPOLL_CTL_MOD replaces the whole mask. Replace interest and data in your map too.",
		"Build the mask from the new interest alone, `unix.EpollCtl(s.fd, unix.EPOLL_CTL_MOD, fd, &event)`, then `s.keys[fd] = key{interest, data}`.",
	},
	"S11": {
		"The kernel removes entries by open descriptors only. What does EPOLL_CTL_DEL return for a number that is closed?",
		"It returns EBADF, or ENOENT if another descriptor has the number by now. Either way there is nothing more for you to do. Forget the number, and return nil.",
		"`_ = unix.EpollCtl(s.fd, unix.EPOLL_CTL_DEL, fd, nil); delete(s.keys, fd); return nil`.",
	},
	"S16": {
		"Print the mask of this event. Which bits are set, and which is not?",
		"EPOLLERR comes without EPOLLOUT. It comes unasked, and it must wake the code that waits, so that its next call learns the reason.",
		"`if e.Events&(unix.EPOLLOUT|unix.EPOLLHUP|unix.EPOLLERR) != 0 { possible |= selector.Write }`, the same for read, and then `possible &= k.interest`: report nothing that wasn't asked for.",
	},
	"S17": {
		"Print the mask of this event. Is EPOLLIN set?",
		"A hang-up comes as EPOLLHUP alone. It is a reason to wake both a reader and a writer, but only those that wait.",
		"Count EPOLLHUP and EPOLLERR as both, then `possible &= k.interest`.",
	},
	"S18": {
		"Print the mask of this event. Is EPOLLIN set?",
		"EPOLLERR can come alone. The reader must be woken, since its next read returns the error.",
		"`if e.Events&(unix.EPOLLIN|unix.EPOLLHUP|unix.EPOLLERR) != 0 { possible |= selector.Read }`.",
	},
	"S19": {
		"Print the mask of this event. Is EPOLLOUT set?",
		"EPOLLHUP can come alone. The writer must be woken, since its next write returns the error.",
		"`if e.Events&(unix.EPOLLOUT|unix.EPOLLHUP|unix.EPOLLERR) != 0 { possible |= selector.Write }`.",
	},
	"S33": {
		"A program that you start gets your descriptors. Which of them should it have?",
		"None of yours. The kernel closes those that have the flag FD_CLOEXEC when the program begins.",
		"`unix.EpollCreate1(unix.EPOLL_CLOEXEC)`.",
	},
	"S20": {
		"Which number of milliseconds does epoll_wait take for \"don't sleep\", and which for \"no limit\"?",
		"0 is \"don't sleep\", -1 is \"no limit\". Only a negative time has no limit.",
		"`if timeout < 0 { return -1 }`; for 0 the division gives 0 by itself.",
	},
	"S21": {
		"What are 400µs and 1900µs divided by a millisecond, in whole numbers?",
		"They are 0 and 1, so epoll_wait sleeps for too short a time. Round up.",
		"`int((timeout + time.Millisecond - 1) / time.Millisecond)`.",
	},
	"S23": {
		"What does epoll_wait return when a signal comes, and what does that say about your descriptors?",
		"EINTR says nothing about them, so wait again. But part of the time is over: wait for the rest.",
		"`end := time.Now().Add(timeout)` before the loop; after EINTR, if the timeout is positive, `timeout = time.Until(end)`, and 0 if that is negative.",
	},
	"S29": {
		"Does the kernel report a state, or a change?",
		"With EPOLLET it reports changes: once for data that has come. Without that bit it reports what is there, each time you ask.",
		"Leave EPOLLET out of the mask.",
	},
	"S28": {
		"Whose number is it after you have closed it?",
		"The kernel gives it to the next descriptor that is opened. So close it once, and forget the number.",
		"`if s.fd < 0 { return selector.ErrClosed }; err := unix.Close(s.fd); s.fd = -1; return err`, and the same first line in Unregister. The kernel refuses -1 in all other calls.",
	},
	"L13": {
		"Who waits here: the kernel, or your loop?",
		"epoll_wait sleeps by itself, for as long as you tell it. With a time of 0 in a loop, you ask a million times for the same answer.",
		"Give it the time: `unix.EpollWait(s.fd, events, milliseconds(timeout))`, once, and again only after EINTR.",
	},
	"S24": {
		"How many events has the kernel written into your buffer, and how many of them do you look at?",
		"It says how many. What has no room comes with the next select, so a small buffer loses nothing, but what you throw away is lost for this round.",
		"`for _, e := range events[:n] { … ready = append(ready, …) }`, with no return or break inside.",
	},
	"S32": {
		"Two selectors exist at the same moment. Which of your variables do they share?",
		"Each has an epoll and a table of its own: they are fields of the struct.",
		"`&Selector{fd: fd, keys: map[int]key{}}` in New, and no variables of the package.",
	},
}
