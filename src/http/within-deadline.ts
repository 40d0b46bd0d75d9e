class DeadlineError extends Error {
  constructor(milliseconds: number) {
    super(`There was no answer within ${milliseconds} ms.`);
    this.name = new.target.name;
  }
}

/**
 * What a promise resolves to.
 * @throws DeadlineError where that takes too long. An answer that came while this process was busy is not late.
 */
export async function withinDeadline<Value>(
  answer: Promise<Value>,
  milliseconds: number,
): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    // After what has arrived meanwhile was read.
    () => setImmediate(() => reject(new DeadlineError(milliseconds))),
    milliseconds,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
