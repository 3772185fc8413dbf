/** The passwords that are tried first: the server's own list, which it refuses, and words that many begin with. */
export const common: ReadonlySet<string> = new Set(
  `password 12345678 123456789 1234567890 qwertyuiop password1 qwerty123 1q2w3e4r 11111111 iloveyou sunshine princess
  football baseball superman trustno1 welcome1 1qaz2wsx 00000000 87654321 88888888 abcd1234 abc12345 password123 passw0rd
  letmein1 charlie1 1234qwer q1w2e3r4 qwerty12 asdfghjkl computer michelle starwars whatever 1q2w3e4r5t
  passwort hallo hallo123 schatz willkommen geheim sommer winter dragon monkey master shadow killer freedom
  qwerty qwertz welcome letmein admin administrator login secret internet hello cruddur charlie jordan michael jennifer
  hunter pokemon batman liverpool arsenal chelsea juventus ashley nicole daniel jessica lovely flower cheese pepper`.split(
    /\s+/,
  ),
);
