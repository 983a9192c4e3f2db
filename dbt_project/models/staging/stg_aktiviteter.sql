with

{{ newest_version('aktiviteter', ['held_on', 'activity', 'areas']) }},

typed as (

    select
        _record_id,
        cast(held_on as date) as held_on,
        activity,
        activity_type,
        areas as area_ids,
        partners,
        cast(participants_count as double) as participants_count,
        cast(volunteers_count as double) as volunteers_count,
        coalesce(is_larger = 'true', false) as is_larger,
        _file_id,
        _file_name,
        _delivered_on,
        _sheet,
        _row_number
    from newest

)

select * from typed
