package zoo;

/** Is compiled against, and then not there. */
public class Missing {}
