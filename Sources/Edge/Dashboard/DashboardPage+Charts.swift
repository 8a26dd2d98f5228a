extension DashboardPage {
    /// Lines over time, of what the gateway itself keeps of its metrics.
    static let charts = #"""

        const count = (x) => x >= 1e6 ? (x / 1e6).toFixed(1) + ' M' : x >= 1e4 ? (x / 1e3).toFixed(1) + ' k'
          : x >= 100 || Number.isInteger(x) ? x.toFixed(0) : x.toFixed(x < 1 ? 2 : 1);
        const chartList = [
          { title: 'Calls a second', unit: count, lines: [['calls', 'attune_requests_total', 'rate']] },
          { title: 'Errors a second', unit: count, bad: true,
            lines: [['errors', 'attune_errors_total', 'rate']] },
          { title: 'Time of a call', unit: (us) => duration(Math.round(us)), lines: [
            ['p50', 'attune_message_latency_seconds', 'p50_us'],
            ['p99', 'attune_message_latency_seconds', 'p99_us']] },
          { title: 'Memory', unit: size,
            lines: [['resident', 'attune_memory_bytes', 'mean', 'component=process_resident']] },
          { title: 'Ring records a second', unit: count, lines: [
            ['published', 'attune_ring_records_published_total', 'rate'],
            ['lost', 'attune_ring_records_lost_total', 'rate']] },
          { title: 'Records that the learner has not read', unit: count,
            lines: [['unread', 'attune_learner_lag_records', 'mean']] },
        ];
        const accuracyChart = { title: 'How right predictions are', unit: (x) => (100 * x).toFixed(0) + ' %',
          top: 1, lines: [['next tool', 'next-tool'], ['next call', 'next-call'], ['failure', 'failure'],
            ['latency', 'latency'], ['cacheable', 'cacheability']]
            .map(([name, task]) => [name, 'attune_model_accuracy', 'mean', 'task=' + task]) };
        function svg(tag, attributes) {
          const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
          for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
          return made;
        }
        // A gap in what was measured is a gap in the line.
        function drawn(points, from, span, top, step) {
          let path = '', last = -Infinity;
          for (const [t, value] of points) {
            path += (t - last > 2.5 * step ? 'M' : 'L') + (600 * (t - from) / span).toFixed(1) + ' ' +
              (116 - 112 * value / top).toFixed(1);
            last = t;
          }
          return path;
        }
        function showChart(box, chart, answers, from, span) {
          const lines = chart.lines.map(([name, , field], at) => ({
            name, step: answers[at] ? answers[at].step_s : 1,
            points: (answers[at] ? answers[at].points : []).filter((point) => point[field] !== undefined)
              .map((point) => [point.t, point[field]]),
          }));
          const values = lines.flatMap((line) => line.points.map(([, value]) => value));
          const top = chart.top || Math.max(0, ...values);
          const title = node('div', 'title'), legend = node('p', 'muted');
          title.append(node('h2', '', chart.title), node('span', 'muted', top ? chart.unit(top) : ''));
          const plot = svg('svg', { class: 'chart', viewBox: '0 0 600 120', preserveAspectRatio: 'none',
            role: 'img', 'aria-label': chart.title });
          plot.append(svg('path', { class: 'axis', d: 'M0 118.5H600M0 4H600' }));
          lines.forEach((line, at) => {
            const d = drawn(line.points, from, span, top || 1, line.step);
            plot.append(svg('path', { class: 'line' + at + (chart.bad ? ' bad' : ''), d }));
            const last = line.points.at(-1);
            const text = line.name + ' ' + (last ? chart.unit(last[1]) : '\u2013');
            legend.append(node('span', 'key' + at + (chart.bad ? ' bad' : ''), text));
          });
          box.replaceChildren(title, plot, legend);
        }
        async function loadCharts() {
          const span = Number($('span').value), now = Math.floor(Date.now() / 1000), from = now - span;
          const ask = async ([, name, , label]) => {
            const found = await items('/api/v1/metrics?sum=true&name=' + name + '&from=' + from +
              '&to=' + now + (label ? '&' + label : ''));
            return found[0];
          };
          for (const [chart, box] of chartPlaces) {
            const asked = new Map();
            const answers = await Promise.all(chart.lines.map((line) => {
              const key = line[1] + '&' + line[3];
              if (!asked.has(key)) asked.set(key, ask(line));
              return asked.get(key);
            }));
            showChart(box, chart, answers, from, span);
          }
        }
        const chartPlaces = chartList.map((chart) => [chart, node('article', 'card')]);
        $('charts').replaceChildren(...chartPlaces.map(([, box]) => box));
        chartPlaces.push([accuracyChart, $('accuracy')]);
        const drawCharts = () => { if (!document.hidden) quiet(loadCharts); };
        $('span').onchange = drawCharts;
        drawCharts();
        setInterval(drawCharts, 10000);
        """#
}
