"""Reads CSV, XLSX and flat ODS files without the code that wrote them: one JSON request on stdin, one answer on stdout."""
import csv, io, json, re, sys, zipfile
from email.message import Message
from xml.etree import ElementTree

MAIN = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
REL = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}'


def read_csv(text, delimiter=','):
    return list(csv.reader(io.StringIO(text, newline=''), delimiter=delimiter, strict=True))


def unescape(text):
    return re.sub(r'_x([0-9A-Fa-f]{4})_', lambda found: chr(int(found[1], 16)), text)


def text_of(node):
    runs = [run.find(f'{MAIN}t') for run in node.findall(f'{MAIN}r')] or [node.find(f'{MAIN}t')]
    return ''.join(unescape(run.text or '') for run in runs if run is not None)


def read_xlsx(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        parts = {name: archive.read(name) for name in archive.namelist()}
    trees = {name: ElementTree.fromstring(data) for name, data in parts.items() if re.search(r'\.(xml|rels)$', name)}
    # Every part has a type, and every relation leads to a part.
    types = trees['[Content_Types].xml']
    named = {node.get('PartName') for node in types if node.get('PartName')}
    endings = {node.get('Extension') for node in types if node.get('Extension')}
    for name in parts:
        assert name == '[Content_Types].xml' or '/' + name in named or name.rsplit('.', 1)[-1] in endings, name
    for name, tree in trees.items():
        if not name.endswith('.rels'):
            continue
        folder = name.split('_rels/')[0]
        for node in tree:
            if node.get('TargetMode') == 'External':
                continue
            target = node.get('Target')
            steps = target.lstrip('/').split('/') if target.startswith('/') else (folder + target).split('/')
            whole = []
            for step in steps:
                if step == '..':
                    whole.pop()
                elif step:
                    whole.append(step)
            assert '/'.join(whole) in parts, f'{name}: {target}'
    strings = [text_of(node) for node in trees.get('xl/sharedStrings.xml', [])]
    styles = trees['xl/styles.xml']
    formats = {node.get('numFmtId'): node.get('formatCode') for node in styles.iter(f'{MAIN}numFmt')}
    fills = [fill.find(f'{MAIN}patternFill') for fill in styles.find(f'{MAIN}fills')]
    looks = []
    for xf in styles.find(f'{MAIN}cellXfs'):
        fill = fills[int(xf.get('fillId'))]
        color = fill.find(f'{MAIN}fgColor') if fill is not None else None
        looks.append((formats.get(xf.get('numFmtId')), color.get('rgb') if color is not None else None))
    relations = {node.get('Id'): node.get('Target') for node in trees['xl/_rels/workbook.xml.rels']}
    sheets = []
    for sheet in trees['xl/workbook.xml'].find(f'{MAIN}sheets'):
        tree = trees['xl/' + relations[sheet.get(f'{REL}id')].removeprefix('/xl/')]
        cells = {}
        for cell in tree.iter(f'{MAIN}c'):
            kind, value, inline = cell.get('t'), cell.find(f'{MAIN}v'), cell.find(f'{MAIN}is')
            assert cell.find(f'{MAIN}f') is None, 'a formula'
            if inline is not None:
                found = text_of(inline)
            elif value is None:
                found = None
            elif kind == 's':
                found = strings[int(value.text)]
            elif kind == 'b':
                found = value.text == '1'
            elif kind in (None, 'n'):
                found = float(value.text)
            else:
                found = {'odd': kind, 'value': value.text}
            look = looks[int(cell.get('s', 0))]
            cells[cell.get('r')] = {'value': found, 'format': look[0], 'fill': look[1]}
        pane = tree.find(f'{MAIN}sheetViews/{MAIN}sheetView/{MAIN}pane')
        auto = tree.find(f'{MAIN}autoFilter')
        sheets.append({
            'name': sheet.get('name'),
            'cells': cells,
            'frozen': pane.get('ySplit') if pane is not None else None,
            'filter': auto.get('ref') if auto is not None else None,
            'widths': [float(node.get('width')) for node in tree.iter(f'{MAIN}col')],
            'rules': [[node.get('sqref'), rule.get('type')] for node in tree.iter(f'{MAIN}conditionalFormatting') for rule in node],
            'drawings': len(tree.findall(f'{MAIN}drawing')),
        })
    charts = [''.join(data.decode('utf-8')) for name, data in parts.items() if re.match(r'xl/charts/chart\d+\.xml', name)]
    return {'sheets': sheets, 'charts': charts}


def read_fods(path):
    space = {'o': 'urn:oasis:names:tc:opendocument:xmlns:office:1.0', 't': 'urn:oasis:names:tc:opendocument:xmlns:table:1.0',
             'x': 'urn:oasis:names:tc:opendocument:xmlns:text:1.0'}
    office, table = '{%s}' % space['o'], '{%s}' % space['t']
    raw = open(path, encoding='utf-8').read()
    sheets = []
    for sheet in ElementTree.fromstring(raw).find('o:body/o:spreadsheet', space).findall('t:table', space):
        rows = []
        for row in rows_of(sheet, table):
            cells = []
            for cell in row:
                if cell.tag not in (f'{table}table-cell', f'{table}covered-table-cell'):
                    continue
                kind = cell.get(f'{office}value-type')
                shown = '\n'.join(shown_text(line) for line in cell.findall('x:p', space))
                value = cell.get(f'{office}value') or cell.get(f'{office}boolean-value') or \
                    cell.get(f'{office}time-value') or cell.get(f'{office}date-value')
                times = int(cell.get(f'{table}number-columns-repeated', 1))
                cells += [{'kind': kind, 'value': value, 'shown': shown}] * (times if kind or times < 100 else 0)
            times = int(row.get(f'{table}number-rows-repeated', 1))
            rows += [cells] * (times if any(cell['kind'] for cell in cells) else min(times, 20))
        sheets.append({'name': sheet.get(f'{table}name'), 'rows': rows})
    return {'sheets': sheets, 'formats': raw.count('<calcext:conditional-format '), 'charts': raw.count('<draw:object ')}


def rows_of(node, table):
    for child in node:
        if child.tag == f'{table}table-row':
            yield child
        elif child.tag in (f'{table}table-header-rows', f'{table}table-rows', f'{table}table-row-group'):
            # Not the rows of a chart's own copy.
            yield from rows_of(child, table)


def shown_text(node):
    text = node.text or ''
    for child in node:
        tag = child.tag.rsplit('}', 1)[-1]
        if tag == 's':
            text += ' ' * int(next((value for name, value in child.items() if name.endswith('}c')), 1))
        elif tag == 'tab':
            text += '\t'
        elif tag == 'line-break':
            text += '\n'
        elif tag in ('span', 'a'):
            text += shown_text(child)
        text += child.tail or ''
    return text


def read_disposition(header):
    message = Message()
    # It would take the plain name if both were there.
    message['content-disposition'] = re.sub(r'filename="[^"]*"; ', '', header)
    return {'extended': message.get_filename(), 'plain': re.search(r'filename="([^"]*)"', header)[1]}


readers = {'csv': read_csv, 'xlsx': read_xlsx, 'fods': read_fods, 'disposition': read_disposition}
request = json.load(sys.stdin)
json.dump([readers[request['kind']](*given) for given in request['files']], sys.stdout)
