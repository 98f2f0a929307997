package stream

// ReadScope is what a visitor needs to be told of an event of a type.
var ReadScope = readScope
