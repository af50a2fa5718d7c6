package site

// notebooks is where the course's own are, from this package.
const notebooks = "../../../../notebooks"
