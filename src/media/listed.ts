/** The first of some things by name, and how many more there are: for the details of a notice. @param most that are named */
export function listed(names: readonly string[], most: number): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
