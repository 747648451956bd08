// Moves the machine code of the running program to large pages: see large-text.c.
void enlarge_text(void);
