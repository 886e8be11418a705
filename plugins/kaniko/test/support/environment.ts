/** Lets the tests of the suite change the environment of the process; it is as before after each of them. */
export function changeableEnvironment(): (name: string, value: string | undefined) => void {
  const before = new Map<string, string | undefined>();
  afterEach(() => {
    for (const [name, value] of before) set(name, value);
    before.clear();
  });
  return (name, value) => {
    if (!before.has(name)) before.set(name, process.env[name]);
    set(name, value);
  };
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
