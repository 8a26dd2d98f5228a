extension DashboardPage {
    /// What the learner has found.
    static let patterns = #"""

        const percent = (x) => x === null || x === undefined ? ''
          : x > 0 && x < .005 ? '<1 %' : (100 * x).toFixed(0) + ' %';
        const calledTool = (row) => [row.server, row.tool].filter(Boolean).join('/');
        function chance(share) {
          const cell = node('td', 'chance');
          cell.append(bar({ budget_bytes: 1, used_bytes: share }, 1), node('span', 'muted', percent(share)));
          return cell;
        }
        function showGuesses(sessions) {
          rows('guesses', sessions.slice(0, 12).flatMap((session) =>
            (session.next.length ? session.next.slice(0, 3) : [null]).map((guess, at) => {
              const row = node('tr', at ? 'more' : ''), call = node('td', 'name');
              const text = !guess ? '\u2013' : calledTool(guess) +
                (guess.arguments === null ? '' : ' ' + JSON.stringify(guess.arguments));
              call.append(node('code', '', text));
              call.title = text;
              row.append(node('td', 'name', at ? '' : session.session),
                node('td', 'name', at ? '' : session.agent || session.principal || ''),
                node('td', 'number', at ? '' : session.calls), call, guess ? chance(guess.probability)
                  : node('td'), node('td', 'number', at ? '' : percent(session.suspicion)));
              return row;
            })), 6, 'No session has called a tool in the last half hour.');
        }
        function showAnomalies(anomalies) {
          rows('anomalies', anomalies.slice(0, 30).map((anomaly) => {
            const row = node('tr'), kindCell = node('td');
            kindCell.append(node('span', 'pill warn', anomaly.kind));
            const text = anomaly.text + (anomaly.start === null ? ''
              : ' (bytes ' + anomaly.start + ' to ' + anomaly.end + ')');
            const share = anomaly.share === null ? '' : anomaly.share === 0 ? 'never seen'
              : anomaly.share >= .1 ? percent(anomaly.share)
              : '1 in ' + Math.round(1 / anomaly.share).toLocaleString();
            row.append(node('td', '', clock(anomaly.ts)), kindCell, node('td', 'name', calledTool(anomaly)),
              node('td', 'name', anomaly.session || ''), node('td', 'number', share), node('td', '', text));
            return row;
          }), 6, 'Nothing unusual so far.');
        }
        function showSequences(sequences) {
          rows('sequences', sequences.slice(0, 8).map((sequence) => {
            const row = node('tr'), names = node('td', 'name');
            const text = sequence.tools.join(' \u2192 ');
            names.append(node('code', '', text));
            names.title = text;
            row.append(names, node('td', 'number', sequence.support),
              node('td', 'number', percent(sequence.share)),
              node('td', 'number', sequence.lift === null ? '' : '\u00d7 ' + rate(sequence.lift)));
            return row;
          }), 4, 'No sequence of calls is frequent so far.');
        }
        function showPatterns(patterns) {
          const overview = patterns.overview;
          $('patterns-note').textContent = !overview
            ? (patterns.learner.state === 'off' ? 'the learner is off' : 'nothing was learned so far')
            : 'learned from ' + overview.calls + ' calls of ' + overview.sessions + ' sessions';
          showSequences(overview ? overview.sequences : []);
          showGuesses(patterns.sessions);
          showAnomalies(patterns.anomalies);
        }
        const loadPatterns = () => {
          if (!document.hidden)
            quiet(async () => showPatterns(await (await fetch('/api/v1/patterns?limit=30')).json()));
        };
        loadPatterns();
        setInterval(loadPatterns, 5000);
        """#
}
