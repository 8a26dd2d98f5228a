extension DashboardPage {
    static let script = #"""
        'use strict';
        const $ = (id) => document.getElementById(id);
        const keep = 200;
        const state = { calls: [], tools: [], statistics: new Map(), paused: false, lost: 0,
                        rates: [], errors: [] };

        // All text from the gateway goes in as text, never as markup.
        function node(tag, className, text) {
          const made = document.createElement(tag);
          if (className) made.className = className;
          if (text !== undefined && text !== null) made.textContent = text;
          return made;
        }
        async function items(path) {
          const answer = await fetch(path, { headers: { accept: 'application/json' } });
          if (!answer.ok) throw new Error(path + ' answered ' + answer.status);
          return (await answer.json()).items;
        }
        function kind(word) {
          if (['ready', 'up', 'ok'].includes(word)) return 'good';
          if (['idle', 'cancelled', 'new', 'unknown'].includes(word)) return 'idle';
          if (['degraded', 'starting', 'draining', 'connecting', 'tool_error', 'refused'].includes(word))
            return 'warn';
          return 'bad';
        }
        const pill = (word) => node('span', 'pill ' + kind(word), word);
        function duration(us) {
          if (us === undefined || us === null) return '';
          if (us < 1000) return us + ' \u00b5s';
          if (us < 1e6) return (us / 1000).toFixed(us < 1e4 ? 2 : us < 1e5 ? 1 : 0) + ' ms';
          return (us / 1e6).toFixed(2) + ' s';
        }
        function span(s) {
          const d = Math.floor(s / 86400), h = Math.floor(s / 3600) % 24, m = Math.floor(s / 60) % 60;
          if (d) return d + ' d ' + h + ' h';
          if (h) return h + ' h ' + m + ' min';
          return m ? m + ' min ' + s % 60 + ' s' : s + ' s';
        }
        const clock = (ts) => new Date(ts).toLocaleTimeString([], { hourCycle: 'h23' });
        const rate = (x) => x >= 100 ? x.toFixed(0) : x.toFixed(1);

        function spark(id, values, value) {
          values.push(value);
          if (values.length > 60) values.shift();
          const top = Math.max(1, ...values), step = 120 / 59, from = 60 - values.length;
          const points = values.map((v, i) =>
            ((i + from) * step).toFixed(1) + ' ' + (30 - 28 * v / top).toFixed(1));
          let path = $(id).firstElementChild;
          if (!path) {
            path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
            $(id).append(path);
          }
          path.setAttribute('d', 'M' + points.join(' L'));
        }
        function showStatus(status) {
          const pillNode = $('state');
          pillNode.textContent = status.status;
          pillNode.className = 'pill ' + kind(status.status);
          document.title = (status.status === 'ready' ? '' : status.status + ' \u00b7 ') + 'Attune';
          $('version').textContent = status.version;
          $('mcp-url').textContent = status.mcp_url;
          $('calls-rate').textContent = rate(status.calls_per_s);
          $('errors-rate').textContent = rate(status.errors_per_s);
          $('servers-up').textContent = status.servers.up + ' of ' + status.servers.total;
          $('memory').textContent = (status.resident_bytes / 1048576).toFixed(0) + ' MiB';
          $('uptime').textContent = 'up for ' + span(status.uptime_s);
          spark('calls-line', state.rates, status.calls_per_s);
          spark('errors-line', state.errors, status.errors_per_s);
          $('reasons').replaceChildren(...status.reasons.map((reason) => {
            const row = node('p', 'banner ' + (kind(reason.state) === 'good' ? 'idle' : kind(reason.state)));
            row.append(node('span', '', reason.component + ' is ' + reason.state +
              (reason.detail ? ': ' + reason.detail : '') + ' (since ' + clock(reason.since) + ')'));
            return row;
          }));
        }
        function showServers(servers) {
          const open = new Set([...document.querySelectorAll('.server details[open]')]
            .map((details) => details.dataset.server));
          $('servers').replaceChildren(...servers.map((server) => {
            const box = node('article', 'server');
            const title = node('div', 'title');
            title.append(node('h2', '', server.name), pill(server.state));
            const facts = [server.transport, server.version || null, server.pid ? 'pid ' + server.pid : null,
              server.tools + (server.tools === 1 ? ' tool' : ' tools'),
              server.restarts ? server.restarts + (server.restarts === 1 ? ' restart' : ' restarts') : null];
            box.append(title, node('p', 'muted', facts.filter(Boolean)
              .map((fact) => fact.replaceAll(' ', '\u00a0')).join(' \u00b7 ')));
            if (server.last_error) box.append(node('p', 'error', server.last_error));
            if (server.stderr.length) {
              const details = node('details');
              details.dataset.server = server.name;
              details.open = open.has(server.name);
              details.append(node('summary', '', 'standard error'),
                node('pre', '', server.stderr.slice(-12).join('\n')));
              box.append(details);
            }
            return box;
          }));
          if (!servers.length) {
            $('servers').append(node('p', 'muted', 'No servers are configured. `attune import` adds those ' +
              'of your MCP client.'));
          }
        }
        function rows(body, made, columns, empty) {
          if (!made.length) {
            const row = node('tr'), cell = node('td', 'empty', empty);
            cell.colSpan = columns;
            row.append(cell);
            made = [row];
          }
          $(body).replaceChildren(...made);
        }
        function showCalls() {
          const wanted = $('outcome').value;
          const shown = state.calls.filter((call) => !wanted ||
            (call.outcome !== 'ok' && call.outcome !== 'cancelled'));
          rows('calls', shown.map((call) => {
            const row = node('tr', 'link'), outcome = node('td');
            row.tabIndex = 0;
            outcome.append(pill(call.outcome));
            row.append(node('td', '', clock(call.ts)), node('td', '', call.server || ''),
              node('td', 'name', call.tool || call.method), outcome,
              node('td', 'number', duration(call.duration_us)),
              node('td', 'number', duration(Math.max(0, call.duration_us - call.upstream_us))));
            row.onclick = () => showCall(call);
            row.onkeydown = (event) => { if (event.key === 'Enter') showCall(call); };
            return row;
          }), 6, 'No calls yet. Point an MCP client at the address below.');
          $('calls-note').textContent = state.lost ? state.lost + ' calls came too fast to be shown' : '';
        }
        function showCall(call) {
          $('call-title').textContent = call.tool || call.method;
          $('call-facts').replaceChildren(...Object.entries(call).flatMap(([name, value]) => {
            const shown = name.endsWith('_us') ? duration(value)
              : Array.isArray(value) ? value.join(', ') : value === null ? '\u2013' : value;
            return [node('dt', '', name), node('dd', '', shown === '' ? '\u2013' : shown)];
          }));
          $('call').showModal();
        }
        function showTools() {
          const text = $('filter').value.toLowerCase();
          const all = state.tools.filter((tool) =>
            (tool.name + ' ' + (tool.title || '')).toLowerCase().includes(text));
          rows('tools', all.slice(0, 300).map((tool) => {
            const seen = state.statistics.get(tool.server + '\u0000' + tool.name) ||
              state.statistics.get(tool.server + '\u0000' + tool.upstream_name);
            const row = node('tr'), name = node('td', 'name');
            name.append(node('code', '', tool.name));
            row.append(name, node('td', '', tool.server), node('td', 'name', tool.title || ''),
              node('td', 'number', seen ? seen.calls : ''), node('td', 'number', seen ? seen.errors : ''),
              node('td', 'number', seen ? duration(seen.p50_us) : ''),
              node('td', 'number', seen ? duration(seen.p99_us) : ''));
            return row;
          }), 7, text ? 'No tool has this in its name.' : 'No tools yet.');
          $('tools-note').textContent = all.length > 300 ? 'The first 300 of ' + all.length + '.' : '';
          $('tools-count').textContent = state.tools.length + ' tools';
        }
        function showSessions(sessions) {
          rows('sessions', sessions.slice(0, 100).map((session) => {
            const row = node('tr');
            row.append(node('td', '', session.session), node('td', 'name', session.client || ''),
              node('td', '', session.path), node('td', '', session.version),
              node('td', '', session.principal), node('td', '', clock(session.last_used)));
            return row;
          }), 6, 'No sessions. Clients of the modern era have none.');
        }

        function size(bytes) {
          const [unit, name] = bytes >= 2 ** 30 ? [2 ** 30, ' GiB'] : [2 ** 20, ' MiB'];
          return (bytes / unit).toFixed(bytes % unit && bytes < 100 * unit ? 1 : 0) + name;
        }
        // Bars to scale: the widest budget has the whole width.
        function bar(part, most) {
          const made = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
          made.setAttribute('viewBox', '0 0 100 1');
          made.setAttribute('preserveAspectRatio', 'none');
          for (const [name, bytes] of [['budget', part.budget_bytes], ['used', part.used_bytes]]) {
            const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
            rect.setAttribute('class', name);
            rect.setAttribute('width', (100 * Math.min(bytes, part.budget_bytes) / most).toFixed(3));
            rect.setAttribute('height', '1');
            made.append(rect);
          }
          return made;
        }
        function showMemory(memory) {
          const most = Math.max(...memory.parts.map((part) => part.budget_bytes));
          $('memory-total').textContent = memory.profile + ': ' + size(memory.total_bytes) + ' = ' +
            size(memory.totals.working) + ' working + ' + size(memory.totals.learning_buffer) +
            ' learning buffer';
          $('memory-parts').replaceChildren(...memory.parts.flatMap((part) => {
            const name = node('code', '', part.part);
            name.title = part.enforced_by;
            return [name, bar(part, most), node('span', 'muted number',
              size(part.used_bytes) + ' of ' + size(part.budget_bytes))];
          }));
        }

        function showLearner(learner) {
          const published = learner.rings.reduce((sum, ring) => sum + ring.published, 0);
          const lost = learner.rings.reduce((sum, ring) => sum + ring.lost, 0);
          const full = Math.max(0, ...learner.rings.map((ring) => ring.fill));
          $('learner').textContent = learner.state;
          $('learner-facts').textContent = learner.state === 'off' ? 'nothing is observed'
            : published + ' records, ' + (lost ? lost + ' lost, ' : '') + learner.lag_records + ' unread' +
              ' (' + (100 * full).toFixed(1) + ' % of the rings)';
        }

        const quiet = (work) => work().catch((error) => console.warn(error.message));
        const loadServers = () => quiet(async () => showServers(await items('/api/v1/servers')));
        const loadTools = () => quiet(async () => {
          state.tools = await items('/api/v1/tools');
          showTools();
        });
        const loadStatistics = () => quiet(async () => {
          state.statistics = new Map((await items('/api/v1/metrics'))
            .map((row) => [row.server + '\u0000' + row.tool, row]));
          showTools();
        });
        const loadSessions = () => quiet(async () => showSessions(await items('/api/v1/sessions')));
        const loadLearner = () => quiet(async () =>
          showLearner(await (await fetch('/api/v1/learner')).json()));
        const loadMemory = () => quiet(async () => showMemory(await (await fetch('/api/v1/memory')).json()));
        const loadCalls = () => quiet(async () => {
          state.calls = await items('/api/v1/calls?limit=' + keep);
          showCalls();
        });
        function watch() {
          const events = new EventSource('/api/v1/events');
          events.addEventListener('status', (event) => showStatus(JSON.parse(event.data)));
          events.addEventListener('calls', (event) => {
            const news = JSON.parse(event.data);
            state.lost += news.lost;
            const known = new Set(state.calls.map((call) => call.call_id));
            const fresh = news.items.filter((call) => !known.has(call.call_id));
            state.calls = [...fresh, ...state.calls].slice(0, keep);
            if (!state.paused) showCalls();
          });
          events.addEventListener('change', (event) => {
            const change = JSON.parse(event.data);
            loadServers();
            if (change.kind !== 'server') loadTools();
          });
          events.onerror = () => {
            $('state').textContent = 'no connection';
            $('state').className = 'pill bad';
          };
          events.onopen = () => { loadServers(); loadTools(); loadCalls(); };
        }

        const dark = matchMedia('(prefers-color-scheme: dark)');
        function theme() {
          const chosen = localStorage.getItem('attune-theme');
          document.documentElement.dataset.theme = chosen || (dark.matches ? 'dark' : 'light');
        }
        dark.onchange = theme;
        $('theme').onclick = () => {
          const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
          localStorage.setItem('attune-theme', next);
          theme();
        };
        $('filter').oninput = showTools;
        $('outcome').onchange = showCalls;
        $('pause').onclick = () => {
          state.paused = !state.paused;
          $('pause').textContent = state.paused ? 'Resume' : 'Pause';
          $('pause').setAttribute('aria-pressed', state.paused);
          if (!state.paused) showCalls();
        };
        theme();
        watch();
        loadStatistics();
        loadSessions();
        loadMemory();
        loadLearner();
        setInterval(() => {
          loadServers(); loadStatistics(); loadSessions(); loadMemory(); loadLearner();
        }, 5000);
        """#
}
