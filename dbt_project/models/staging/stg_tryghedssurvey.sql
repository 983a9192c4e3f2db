with

{{ newest_version('tryghedssurvey', ['respondent']) }},

typed as (

    select
        _record_id,
        cast(_period_on as date) as wave_on,
        respondent,
        area as area_id,
        -- decimals add up to the same sum in any order, so equal deliveries give equal figures to the last digit
        cast(weight as decimal(18, 12)) as weight,
        tillid,
        faellesskab,
        _file_id,
        _file_name,
        _delivered_on,
        _row_number
    from newest

)

select * from typed
