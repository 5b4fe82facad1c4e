const round = (number) => Math.round(number * 100) / 100;

/**
 * How a signature was drawn, as the server keeps it.
 *
 * @param {Object[]} groups what the pad has noted: a group of points for each stroke
 * @param {boolean} isPressureKept the company wants to know how hard the pen was pressed
 * @returns {number[][][]} strokes of points [x, y, milliseconds since the first one,
 *     pressure from 0 to 1 if kept]
 */
export function readStrokes(groups, isPressureKept) {
    const start = groups[0]?.points[0]?.time ?? 0;
    return groups.map(({points}) =>
        points.map(({x, y, time, pressure}) => {
            const point = [round(x), round(y), Math.max(0, time - start)];
            if (isPressureKept) {
                point.push(round(Math.min(1, Math.max(0, pressure))));
            }
            return point;
        })
    );
}
