/**
 * Groups of nodes that reach each other, by Tarjan's algorithm; groups of one are left out unless the node points at
 * itself. `edges` maps a node to those it points at. The answer is in a stable order, so a failing check reads the same
 * twice.
 */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const cycles: string[][] = []

  const visit = (node: string): number => {
    const index = order.size
    order.set(node, index)
    let low = index
    stack.push(node)
    onStack.add(node)
    for (const target of edges.get(node) ?? []) {
      const seen = order.get(target)
      if (seen === undefined) low = Math.min(low, visit(target))
      else if (onStack.has(target)) low = Math.min(low, seen)
    }
    if (low === index) {
      const group = stack.splice(stack.lastIndexOf(node))
      for (const member of group) onStack.delete(member)
      if (group.length > 1 || (edges.get(node) ?? []).includes(node)) cycles.push(group.sort())
    }
    return low
  }

  for (const node of [...edges.keys()].sort()) if (!order.has(node)) visit(node)
  return cycles
}
