/** A look-up under way. */
export interface Reading {
  /** Whether what it finds may be older than what this user is known to be by now. */
  isOutdated(userId: string): boolean;
}

/** Look-ups under way, and who has changed since each of them began: what it finds of them may be older. */
export class Readings {
  readonly #underWay = new Set<ReadingUnderWay>();

  async during<Found>(look: (reading: Reading) => Promise<Found>): Promise<Found> {
    const reading = new ReadingUnderWay();
    this.#underWay.add(reading);
    try {
      return await look(reading);
    } finally {
      this.#underWay.delete(reading);
    }
  }

  changed(userIds: readonly string[]): void {
    for (const { changed } of this.#underWay) for (const userId of userIds) changed.add(userId);
  }

  /** Some changes may never be told. */
  lost(): void {
    for (const reading of this.#underWay) reading.lost = true;
  }
}

class ReadingUnderWay implements Reading {
  readonly changed = new Set<string>();
  lost = false;

  isOutdated(userId: string): boolean {
    return this.lost || this.changed.has(userId);
  }
}
